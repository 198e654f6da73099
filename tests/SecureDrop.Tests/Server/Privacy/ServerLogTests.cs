using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;
using Xunit;

namespace SecureDrop.Tests.Server.Privacy;

/// <summary>Whatever keeps the log adds the time to each line: so when a line comes must not tell when somebody came.</summary>
public sealed class ServerLogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly StringWriter _said = new();
    private readonly ServerLog _log;

    public ServerLogTests()
    {
        _log = new ServerLog(_said);
        _log.Turn(Noon);
    }

    public void Dispose() => _said.Dispose();

    [Fact]
    public void Fault_OfARequest_HasNothingOfIt()
    {
        _log.Fault(new InvalidOperationException("secret /api/v1/reports/abc 10.0.0.1"));
        _log.Flush();
        Assert.Matches("^fault: InvalidOperationException in [^\n]*\n$", _said.ToString());
        Assert.DoesNotContain("secret", _said.ToString());
        Assert.DoesNotContain("/api", _said.ToString());
    }

    [Fact]
    public void Fault_OfAThousandRequests_OneLineAtTheTurnOfTheHourAndNoneBefore()
    {
        for (var n = 0; n < 1000; n++)
        {
            _log.Fault(new InvalidOperationException());
            _log.Turn(Noon.AddMinutes(n % 60));
        }
        Assert.Equal("", _said.ToString());
        _log.Turn(Noon.AddHours(1));
        Assert.Single(Lines());
        _log.Fault(new InvalidOperationException());
        _log.Turn(Noon.AddHours(2));
        Assert.Single(Lines());
        // Who looks the next day finds it again, if it is still so.
        _log.Fault(new InvalidOperationException());
        _log.Turn(Noon.AddDays(1));
        Assert.Equal(2, Lines().Length);
    }

    [Fact]
    public void OwnFault_FoundByTheServerItself_SaidAtOnceAndOnce()
    {
        for (var n = 0; n < 5; n++)
            _log.OwnFault(new AggregateException(new StoreException("One."), new StoreException("Two.")));
        Assert.Equal(["fault: One.", "fault: Two."], Lines());
    }

    [Fact]
    public void Room_NoneThenSome_OneLineForEach()
    {
        foreach (var left in new long[] { 1 << 20, 0, -1, 0, 5, 6 })
            _log.Room(left, 512);
        Assert.Equal(2, Lines().Length);
        Assert.StartsWith("warning: less than 512 MiB (SecureDrop:Drop:FreeSpaceFloorInMebibytes) are free", Lines()[0]);
        Assert.StartsWith("there is room again", Lines()[1]);
    }

    private string[] Lines() => _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
