using SecureDrop.Reviewer.Api;
using SecureDrop.Reviewer.Terminal;
using Xunit;

namespace SecureDrop.Tests.Reviewer.Api;

public sealed class ServerAddressTests
{
    private const string Onion = "http://abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx.onion";

    [Theory]
    [InlineData(Onion)]
    [InlineData(Onion + ":8080")]
    public void OnionAddress_WithoutProxy_IsRefusedBeforeAnyNameIsLookedUp(string origin)
    {
        ReviewerException refusal = Assert.Throws<ReviewerException>(() => new ReviewerApi(origin, null, null));
        Assert.Contains("--proxy socks5h://", refusal.Message);
    }

    [Fact]
    public void OnionAddress_WithProxy_AndOtherAddressesWithout_AreTaken()
    {
        new ReviewerApi(Onion, ServerAddress.Proxy("socks5h://127.0.0.1:9050"), null).Dispose();
        new ReviewerApi("https://onion.example", null, null).Dispose();
    }
}
