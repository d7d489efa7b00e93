using CsCheck;
using WhatsOps.Audits;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class NamingRulesTests
{
    private static readonly Dictionary<string, string> Owners = new(StringComparer.Ordinal) { ["revalya-acme"] = "acme", ["revalya-beta"] = "beta" };

    [Theory]
    [InlineData("revalya-acme", "Exact")]
    [InlineData("revalya-Acme", "SlugMismatch")]
    [InlineData("revalya-acme2", "SlugMismatch")]
    [InlineData("revalya-", "SlugMismatch")]
    [InlineData("revalya-beta", "OtherTenants")]
    [InlineData("acme", "BareSlug")]
    [InlineData("beta", "InvalidPrefix")]
    [InlineData("Revalya-acme", "InvalidPrefix")]
    [InlineData("", "Missing")]
    [InlineData("  ", "Missing")]
    [InlineData(null, "Missing")]
    public void Only_prefix_and_slug_exactly_is_right(string? name, string expected) =>
        Assert.Equal(expected, NamingRules.Judge("revalya-", "acme", name, Owners).ToString());

    [Fact]
    public void A_bare_slug_is_explained_and_another_tenant_s_name_says_whose_it_is()
    {
        Assert.Contains("activation that stopped half-way", NamingRules.Cause(NameVerdict.BareSlug, "acme", "revalya-acme", null), StringComparison.Ordinal);
        Assert.Contains("tenant beta's", NamingRules.Cause(NameVerdict.OtherTenants, "revalya-beta", "revalya-acme", "beta"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_name_there_is_one_verdict_and_exact_means_equal() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((prefix, slug, name) =>
            Assert.Equal(name == prefix + slug && !string.IsNullOrWhiteSpace(name), NamingRules.Judge(prefix, slug, name, Owners) == NameVerdict.Exact));
}
