namespace SecureDrop.Tests;
public sealed class Placeholder { [Xunit.Fact] public void Builds() => Xunit.Assert.NotNull(typeof(Placeholder)); }
