using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SecureDrop.Crypto.ProofOfWork;
using SecureDrop.Server.Intake;
using SecureDrop.Server.Privacy;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.SourceApi;

internal static class PutPart
{
    public static async Task<Results<NoContent, Refusal>> HandleAsync(
        string id, string n, HttpRequest request, Upload upload, IReportStore reports, CancellationToken cancel)
    {
        if (!TryParsePart(n, out var part))
            return Refusals.Malformed;
        var block = (uint)(part / Solution.PartsPerBlock);
        var refusal = await upload.PartAsync(request, id, block, async (admission, body) =>
        {
            if (body.IsEmpty)
                return Refusals.PartLength;
            // A plain file is stopped at its first bytes already, not only when all of it has been sent.
            if (part == 0 && SealedForm.Stanzas(body.Span) == 0)
                return Refusals.NotSealed;
            var outcome = await reports.StorePartAsync(admission.Day, admission.Id, part, body, cancel);
            if (outcome == StoreOutcome.Stored)
                upload.StoredPart(admission.Day, body.Length);
            return StoreRefusals.Of(outcome);
        }, cancel);
        return refusal is null ? TypedResults.NoContent() : refusal;
    }

    /// <summary>Digits without a leading zero, so that one part has one URL, and no more parts than the largest class has.</summary>
    private static bool TryParsePart(string text, out int part) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out part)
        && part < SealedForm.MostParts && (text.Length == 1 || text[0] != '0');
}
