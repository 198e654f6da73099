using SecureDrop.Server.Days;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Intake;

/// <summary>An upload that has paid: the day it belongs to and its stored id. Or the refusal.</summary>
public readonly record struct Admission(DateOnly Day, StoredId Id, Refusal? Refusal)
{
    public static Admission Refused(Refusal refusal) => new(default, default, refusal);
}
