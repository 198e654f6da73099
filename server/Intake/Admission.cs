using SecureDrop.Server.Days;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.Intake;

/// <summary>An upload that has paid: the day it belongs to, its stored id, and the difficulty of its ticket. Or the refusal.</summary>
public readonly record struct Admission(DateOnly Day, StoredId Id, int Difficulty, Refusal? Refusal)
{
    public static Admission Refused(Refusal refusal) => new(default, default, 0, refusal);
}
