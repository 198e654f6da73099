using System.Net;
using System.Text.Json;

namespace SecureDrop.Benchmarks.Drop;

/// <summary>An answer that is none of success: which, its sentence, and when to come again (a minute, where it does not say).</summary>
internal sealed class RefusedException(HttpStatusCode status, string sentence, TimeSpan retryAfter) : Exception($"{(int)status} {sentence}")
{
    internal HttpStatusCode Status => status;

    /// <summary>The title of the problem; empty where it has none.</summary>
    internal string Sentence => sentence;

    internal TimeSpan RetryAfter => retryAfter;

    internal static async Task ThrowIfRefusedAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new RefusedException(answer.StatusCode, TitleOf(await answer.Content.ReadAsByteArrayAsync()), answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1));
        }
    }

    private static string TitleOf(byte[] body)
    {
        try
        {
            using JsonDocument problem = JsonDocument.Parse(body);
            return problem.RootElement.GetProperty("title").GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
