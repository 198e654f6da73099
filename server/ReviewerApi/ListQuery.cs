using SecureDrop.Crypto.Json;
using SecureDrop.Server.Storage;

namespace SecureDrop.Server.ReviewerApi;

/// <summary>The day and <c>after</c> of a listing, judged before any store is asked.</summary>
internal static class ListQuery
{
    public static bool TryParse(string day, HttpRequest request, out DateOnly date, out StoredId? after)
    {
        after = null;
        if (!Day.TryParse(day, out date))
            return false;
        if (!request.Query.TryGetValue("after", out var values))
            return true;
        if (values is not [{ } text] || !StoredId.TryParse(text, out var id))
            return false;
        after = id;
        return true;
    }
}
