using SecureDrop.Crypto.ProofOfWork;

namespace SecureDrop.Server.Intake;

/// <summary>The id in an upload's path: 16 bytes in lower-case hex. It never reaches a store; only the stored id made from it does.</summary>
internal static class UploadId
{
    public static byte[]? TryParse(string text) =>
        text.Length == Ticket.UploadIdSizeInBytes * 2 && text.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            ? Convert.FromHexString(text)
            : null;
}
