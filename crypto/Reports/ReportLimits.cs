namespace SecureDrop.Crypto.Reports;

/// <summary>Limits of a report's parts, and the names of its members.</summary>
public static class ReportLimits
{
    /// <summary>The most <c>report.json</c> may have without attachments: then the archive is exactly the smallest class at most.</summary>
    public const int MaxJsonWithoutAttachmentsInBytes = 62_976;

    /// <summary>The most <c>report.json</c> may have with attachments: 1 MiB.</summary>
    public const int MaxJsonInBytes = 1 << 20;

    /// <summary>The most <c>report.json.minisig</c> may have: the one block that the limit without attachments leaves for it.</summary>
    public const int MaxSignatureInBytes = 512;

    /// <summary>The most attachments a report may have.</summary>
    public const int MaxAttachments = 5_000;

    /// <summary>Name of the first member.</summary>
    public const string JsonName = "report.json";

    /// <summary>Name of the second member.</summary>
    public const string SignatureName = "report.json.minisig";

    /// <summary>Name of attachment <paramref name="number"/>, from 1: <c>attachments/0001</c>.</summary>
    public static string AttachmentName(int number) => $"attachments/{number:D4}";

    /// <summary>What <c>report.json</c> may have at most.</summary>
    public static int MaxJson(int attachments) => attachments == 0 ? MaxJsonWithoutAttachmentsInBytes : MaxJsonInBytes;
}
