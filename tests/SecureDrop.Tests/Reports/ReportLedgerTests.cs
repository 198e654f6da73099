using SecureDrop.Crypto.Reports;
using SecureDrop.Tests.Vectors;
using Xunit;

namespace SecureDrop.Tests.Reports;

public sealed class ReportLedgerTests
{
    private static readonly TestDrop Drop = new();

    [Fact]
    public void Report_SealedTwice_IsADuplicate()
    {
        ReportLedger ledger = new();
        Report report = Drop.NewReport();
        Assert.Equal(ReportNovelty.New, ledger.Remember(Drop.Open(Drop.Seal(report))));
        Assert.Equal(ReportNovelty.Duplicate, ledger.Remember(Drop.Open(Drop.Seal(report))));
        Assert.Equal(ReportNovelty.New, ledger.Judge(Drop.Open(Drop.Seal(Drop.NewReport()))));
    }

    [Fact]
    public void Id_UsedAgainWithOtherBytes_IsAnAttackAndDoesNotReplaceTheFirst()
    {
        ReportLedger ledger = new();
        Report report = Drop.NewReport("true");
        ledger.Remember(Drop.Open(Drop.Seal(report)));
        OpenedReport forged = Drop.Open(Drop.Seal(report with { Message = "forged" }));
        Assert.Equal(ReportNovelty.IdReused, ledger.Remember(forged));
        Assert.Equal(ReportNovelty.IdReused, ledger.Judge(forged));
        Assert.Equal(ReportNovelty.Duplicate, ledger.Judge(Drop.Open(Drop.Seal(report))));
    }

    /// <summary>Or a broken copy that came first would have displaced the true one.</summary>
    [Fact]
    public void Report_WithAnAlarm_IsRememberedNeitherByIdNorByBytes()
    {
        ReportLedger ledger = new();
        Report report = Drop.NewReport();
        KnownRosters knowsNothing = new([], []);
        Assert.Equal(ReportNovelty.New, ledger.Remember(Drop.Open(Drop.Seal(report), known: knowsNothing)));
        Assert.Empty(ledger.Entries);
        Assert.Equal(ReportNovelty.New, ledger.Remember(Drop.Open(Drop.Seal(report))));
        Assert.Equal(ReportNovelty.Duplicate, ledger.Judge(Drop.Open(Drop.Seal(report), known: knowsNothing)));
    }

    [Fact]
    public void PlainReport_Always_IsNew()
    {
        ReportLedger ledger = new();
        Assert.Equal(ReportNovelty.New, ledger.Remember(Drop.Open(Drop.SealPlaintext([1]))));
        Assert.Equal(ReportNovelty.New, ledger.Remember(Drop.Open(Drop.SealPlaintext([1]))));
        Assert.Empty(ledger.Entries);
    }

    [Fact]
    public void Entries_Kept_GiveTheSameLedgerAgain()
    {
        ReportLedger ledger = new();
        OpenedReport opened = Drop.Open(Drop.Seal(Drop.NewReport()));
        ledger.Remember(opened);
        Assert.Equal(ReportNovelty.Duplicate, new ReportLedger(ledger.Entries).Judge(opened));
    }
}
