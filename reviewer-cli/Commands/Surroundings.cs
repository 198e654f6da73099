using SecureDrop.Reviewer.Desk;
using SecureDrop.Reviewer.Keystore;
using SecureDrop.Reviewer.Terminal;

namespace SecureDrop.Reviewer.Commands;

/// <summary>All that a command takes from outside: streams, environment, clock, network. Tests bring their own.</summary>
internal sealed class Surroundings
{
    public required Streams Streams { get; init; }

    public required Func<string, string?> Environment { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads a line from the keyboard without echo.</summary>
    public Func<string, char[]?>? ReadWithoutEcho { get; init; }

    /// <summary>Where requests go; null for the network.</summary>
    public Func<HttpMessageHandler>? Network { get; init; }

    public PassphraseFile PassphraseFile { get; init; } = new();

    /// <summary>Signals of this process; null where nobody listens.</summary>
    public Interrupts? Interrupts { get; init; }

    /// <summary>Inside <c>shell</c>: the home that is unlocked already.</summary>
    public UnlockedHome? Unlocked { get; set; }

    public static Surroundings OfProcess(Interrupts? interrupts = null) => new()
    {
        Streams = Streams.OfProcess(),
        Environment = System.Environment.GetEnvironmentVariable,
        Interrupts = interrupts,
    };
}
