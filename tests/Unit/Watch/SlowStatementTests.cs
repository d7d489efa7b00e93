using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Statements as a person may see them.</summary>
public sealed class SlowStatementTests
{
    [Theory]
    [InlineData("SELECT *\n  FROM \"Tickets\"\tWHERE id = $1", "SELECT * FROM \"Tickets\" WHERE id = $1")]
    [InlineData("ALTER ROLE app PASSWORD 'hunter2'", "ALTER ROLE app PASSWORD …")]
    [InlineData("DO $body$ BEGIN PERFORM 'it\\'s' END $body$", "DO …")]
    [InlineData("/* of ana, it's 5511987654321 */ SELECT 1 -- 'x'", "SELECT 1")]
    [InlineData("FETCH 5511987654321 FROM c", "FETCH *** FROM c")]
    public void No_value_of_a_statement_is_told(string query, string shown) => Assert.Equal(shown, SlowStatements.Shown(query));

    [Fact]
    public void A_long_one_is_cut() => Assert.Equal(new string('x', 80) + "…", SlowStatements.Shown(new string('x', 500)));
}
