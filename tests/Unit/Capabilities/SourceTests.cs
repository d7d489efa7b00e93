using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Unit.Capabilities;

/// <summary>The page of sources is what the tests say.</summary>
public sealed class SourceTests
{
    [Fact]
    public void The_page_of_sources_says_what_the_tests_show() => Golden.Equal("docs/sources.md", SourcePage.Write());

    [Fact]
    public void Every_source_has_a_test_of_every_state_or_a_reason_why_not() => Assert.Empty(SourcePage.Missing);

    [Fact]
    public void No_mark_names_a_source_or_a_finding_that_does_not_exist() => Assert.Empty(SourcePage.Odd);
}
