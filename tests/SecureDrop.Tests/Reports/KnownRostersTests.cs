using SecureDrop.Crypto.Age.Recipients;
using SecureDrop.Crypto.Reports;
using SecureDrop.Crypto.Rosters;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class KnownRostersTests
{
    private static readonly TestDrop Drop = new();
    private static readonly Roster Next = Drop.NewRoster(2, TestDrop.Today.AddDays(10));
    private static readonly RecipientStatement Third = Statement(serial: 3, firstDay: 3);
    private static readonly RecipientStatement Fifth = Statement(serial: 5, firstDay: 10);

    private static string Opener => Sha256(Drop.Recipients[0]);

    [Fact]
    public void Report_ToTheCurrentRoster_RaisesNoAlarm() => Assert.Empty(Judge(Drop.Known));

    [Fact]
    public void Roster_OfAnotherVersionOrDigest_IsUnknown()
    {
        ReportRoster named = Drop.NewReport().Roster;
        Assert.Equal([ReportAlarm.RosterUnknown], Judge(Drop.Known, named with { Version = 2 }));
        Assert.Equal([ReportAlarm.RosterUnknown], Judge(Drop.Known, named with { Sha256 = new string('0', 64) }));
    }

    [Theory]
    [InlineData(12, false)]
    [InlineData(13, true)]
    public void Roster_MoreThanTwoDaysAfterTheNext_IsSuperseded(int day, bool alarm)
    {
        Roster afterNext = Drop.NewRoster(9, TestDrop.Today.AddDays(1));
        KnownRosters known = new([TestDrop.KnownRoster(afterNext), TestDrop.KnownRoster(Next), TestDrop.KnownRoster(Drop.Roster)], []);
        Assert.Equal(alarm ? [ReportAlarm.RosterSuperseded] : [], Judge(known, day: day));
    }

    [Fact]
    public void Recipients_OtherThanTheStanzas_AreAnAlarm()
    {
        ReportRoster named = Drop.NewReport().Roster;
        Assert.Equal([ReportAlarm.RecipientsAreNotTheStanzas], Judge(Drop.Known, stanzas: 4));
        Assert.Equal([ReportAlarm.RecipientsAreNotTheStanzas], Judge(Drop.Known, named with { Recipients = [named.Recipients[0]] }));
        Assert.Equal(
            [ReportAlarm.RecipientsAreNotTheStanzas, ReportAlarm.OwnRecipientNotNamed], Judge(Drop.Known, named with { Recipients = [named.Recipients[1]] }));
    }

    [Fact]
    public void Recipient_OfNobody_IsUnknown()
    {
        ReportRoster named = Drop.NewReport().Roster;
        HybridRecipient added = Drop.Former.Identity.Recipient;
        Assert.Equal([ReportAlarm.RecipientUnknown], Judge(Drop.Known, named with { Recipients = [named.Recipients[0], named.Recipients[1], Sha256(added)] }));
    }

    /// <summary>A key that only an earlier or a later roster names is not this roster's: a reviewer who left could be put back.</summary>
    [Fact]
    public void Recipient_OfAnotherRoster_IsUnknownInThisOne()
    {
        Roster without = Next with { Reviewers = [Next.Reviewers[0], Next.Reviewers[1]] };
        RecipientStatement theirs = Statement(1, 0, Drop.Reviewers[2]);
        KnownRosters known = new([TestDrop.KnownRoster(Drop.Roster), TestDrop.KnownRoster(without)], [theirs]);
        ReportRoster named = Drop.NewReport().Roster with { Version = 2, Sha256 = Convert.ToHexStringLower(TestDrop.Sha256(without)) };
        Assert.Equal([ReportAlarm.RecipientUnknown], Judge(known, named));
        Assert.Equal([ReportAlarm.RecipientUnknown], Judge(known, named with { Recipients = [named.Recipients[0], named.Recipients[1], Sha256(theirs.Key)] }));
        Assert.Equal([ReportAlarm.RosterUnknown], Judge(known, named with { Version = 7 }));
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Recipient_OfTheRosterWhereAStatementHasBegun_IsSupersededAfterTwoDays(int day, bool alarm) =>
        Assert.Equal(alarm ? [ReportAlarm.RecipientSuperseded] : [], Judge(With([Third]), day: day));

    /// <summary>When the statement has ended, the roster's own recipient is what a source falls back to.</summary>
    [Fact]
    public void Recipient_OfTheRosterAfterTheStatementEnded_IsNoAlarm() =>
        Assert.Empty(Judge(With([Third]), day: Third.LastDay.DayNumber - TestDrop.Today.DayNumber + 1));

    [Theory]
    [InlineData(12, false)]
    [InlineData(13, true)]
    public void Recipient_OfASerialMoreThanTwoDaysAfterTheNext_IsSuperseded(int day, bool alarm)
    {
        RecipientStatement eighth = Statement(serial: 8, firstDay: 4);
        Assert.Equal(alarm ? [ReportAlarm.RecipientSuperseded] : [], Judge(With([eighth, Fifth, Third]), Naming(Third), day));
    }

    [Fact]
    public void Statement_InOwnNameNotMade_IsAnAlarmOfItsOwnerAlone()
    {
        Assert.Equal([ReportAlarm.StatementInOwnNameNotMade], Judge(With([Third], own: []), Naming(Third), 4));
        Assert.Equal([ReportAlarm.StatementInOwnNameNotMade], Judge(With([Third], own: [Third with { Serial = 4 }]), Naming(Third), 4));
        Assert.Empty(Judge(With([Third], own: [Statement(9, 0), Third with { }]), Naming(Third), 4));
        KnownRosters colleague = new([TestDrop.KnownRoster(Drop.Roster)], [Third], Drop.Reviewers[0].Signing.PublicKey, []);
        Assert.Empty(Judge(colleague, Naming(Third), 4));
    }

    [Fact]
    public void Alarm_OfAnyKind_LetsTheReportBeReadAndNotRemembered()
    {
        Report report = Drop.NewReport();
        OpenedReport opened = Drop.Open(Drop.Seal(report with { Roster = report.Roster with { Version = 4 } }));
        Assert.Equal(ReportVerdict.Report, opened.Verdict);
        Assert.Equal([ReportAlarm.RosterUnknown], opened.Alarms);
        Assert.False(opened.PassedEveryCheck);
    }

    [Fact]
    public void Name_OfEveryAlarm_IsAnother()
    {
        string[] names = [.. Enum.GetValues<ReportAlarm>().Select(alarm => alarm.Name())];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ReportAlarm)99).Name());
    }

    /// <summary>By default the third reviewer's, whose renewals these tests are about.</summary>
    private static RecipientStatement Statement(long serial, int firstDay, TestReviewer? reviewer = null)
    {
        using HybridIdentity renewed = HybridIdentity.Generate();
        DateOnly first = TestDrop.Today.AddDays(firstDay);
        return new RecipientStatement(
            Drop.DropKey.PublicKey, (reviewer ?? Drop.Reviewers[2]).Signing.PublicKey, serial, renewed.Recipient, first, first.AddDays(20));
    }

    private static KnownRosters With(IEnumerable<RecipientStatement> statements, IEnumerable<RecipientStatement>? own = null) =>
        new([TestDrop.KnownRoster(Drop.Roster)], statements, own is null ? null : Drop.Reviewers[2].Signing.PublicKey, own);

    private static ReportRoster Naming(RecipientStatement third)
    {
        ReportRoster named = Drop.NewReport().Roster;
        return named with { Recipients = [named.Recipients[0], named.Recipients[1], Sha256(third.Key)] };
    }

    private static IReadOnlyList<ReportAlarm> Judge(KnownRosters known, ReportRoster? named = null, int day = 0, int stanzas = 3) =>
        known.Judge(named ?? Drop.NewReport().Roster, TestDrop.Today.AddDays(day), stanzas, Opener);

    private static string Sha256(HybridRecipient recipient) => ReportRoster.RecipientSha256(recipient);
}
