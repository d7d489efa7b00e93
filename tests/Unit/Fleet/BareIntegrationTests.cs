using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class BareIntegrationTests
{
    private const string Bare = """{"id":"1","config":{"instance_name":"revalya-acme","api_url":"http://gw","environment":"production"},"credentials":null,"connection_status":"connecting"}""";

    [Theory]
    [InlineData("[]", true)]
    [InlineData($"[{Bare}]", true)]
    // A config column of type text comes as a string of JSON.
    [InlineData("""[{"config":"{\"instance_name\":\"revalya-acme\"}"}]""", true)]
    [InlineData("""[{"config":{"instance_name":"revalya-acme","api_key":"k"}}]""", false)]
    [InlineData("""[{"config":"{\"api_key\":\"k\"}"}]""", false)]
    [InlineData("""[{"config":{},"credentials":{"token":"t"}}]""", false)]
    [InlineData("""[{"config":null}]""", false)]
    [InlineData("""[{"config":7}]""", false)]
    [InlineData("[" + Bare + """,{"config":{"phone":"1"}}]""", false)]
    public void Rows_are_bare_when_they_hold_no_more_than_a_reset_writes(string rows, bool expected) => Assert.Equal(expected, RevalyaIntegrationWriter.WroteAll(rows));
}
