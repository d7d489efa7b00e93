using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Unit.Capabilities;

/// <summary>The page of capabilities is what the tests say.</summary>
public sealed class CapabilityTests
{
    [Fact]
    public void The_page_of_capabilities_says_what_the_tests_show() => Golden.Equal("docs/capabilities.md", CapabilityPage.Write());

    [Fact]
    public void No_test_names_a_row_that_does_not_exist() => Assert.Empty(CapabilityPage.Unknown);
}
