using System.Text.Json;
using WhatsOps.Alerts;

namespace WhatsOps.Tests.Unit.Alerts;

public sealed class SlackPayloadTests
{
    [Theory]
    [InlineData("critical", "danger")]
    [InlineData("warning", "warning")]
    [InlineData("info", "good")]
    public void Severity_is_a_colour(string severity, string color) => Assert.Equal(color, Of(severity, new AlertField("Cause", "x", false)).Attachments[0].Color);

    [Fact]
    public void At_most_forty_fields_and_three_thousand_characters_each()
    {
        var payload = Of("warning", [.. Enumerable.Range(0, 60).Select(i => new AlertField($"{i}", new string('x', 5000), false))]);
        Assert.Equal(40, payload.Attachments[0].Fields.Count);
        Assert.All(payload.Attachments[0].Fields, field => Assert.Equal(3000, field.Value.Length));
        Assert.EndsWith("x…", payload.Attachments[0].Fields[0].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Exactly_three_thousand_characters_are_left_alone() =>
        Assert.Equal(new string('x', 3000), Of("warning", new AlertField("t", new string('x', 3000), false)).Attachments[0].Fields[0].Value);

    [Fact]
    public void A_cut_never_halves_a_character()
    {
        var value = Of("warning", new AlertField("t", new string('x', 2998) + "🚨🚨", false)).Attachments[0].Fields[0].Value;
        Assert.Equal(new string('x', 2998) + "…", value);
    }

    [Fact]
    public void Slacks_own_syntax_is_disarmed() =>
        Assert.Equal("&lt;!channel&gt; &amp; co", Of("warning", new AlertField("Tenant", "<!channel> & co", true)).Attachments[0].Fields[0].Value);

    [Fact]
    public void The_shape_is_slacks()
    {
        var json = JsonSerializer.SerializeToElement(Of("critical", new AlertField("Cause", "x", true)), JsonSerializerOptions.Web);
        Assert.Equal("headline", json.GetProperty("text").GetString());
        var attachment = json.GetProperty("attachments")[0];
        Assert.Equal("danger", attachment.GetProperty("color").GetString());
        var field = attachment.GetProperty("fields")[0];
        Assert.Equal(("Cause", "x", true), (field.GetProperty("title").GetString(), field.GetProperty("value").GetString(), field.GetProperty("short").GetBoolean()));
    }

    private static SlackPayload Of(string severity, params AlertField[] fields) =>
        SlackPayload.Of(Guid.Empty, new AlertMessage(severity, default, AlertWriter.Service, "headline", fields));
}
