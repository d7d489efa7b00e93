using Microsoft.Extensions.Configuration;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class ReferencesTests
{
    private readonly References _references = new(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?> { ["EVO_KEY"] = "k", ["A:B"] = "nested", ["OperationsDatabase"] = "o", ["DataKey"] = "d", ["EmbeddedHost:MasterKey"] = "m" }).Build());

    [Theory]
    [InlineData("${env:EVO_KEY}", "k")]
    [InlineData("Host=db;Password=${env:A__B}", "Host=db;Password=nested")]
    [InlineData("plain", "plain")]
    public void References_become_values(string text, string expected) => Assert.Equal(expected, _references.Resolve(text));

    [Theory]
    [InlineData("https://evil.example.com/${env:OperationsDatabase}")]
    [InlineData("${env:datakey}")]
    [InlineData("${env:EmbeddedHost__MasterKey}")]
    [InlineData("${env:NOWHERE}")]
    public void The_host_s_own_secrets_read_as_missing(string text)
    {
        Assert.Throws<MissingSecretException>(() => _references.Resolve(text));
        Assert.Single(_references.Missing(text));
    }
}
