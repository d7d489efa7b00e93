using CsCheck;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class FleetReaderTests
{
    [Fact]
    public void A_good_file_is_read_with_its_defaults()
    {
        var reading = FleetReader.Read(FleetFile.Good().ToJsonString());

        Assert.Empty(reading.Problems);
        var system = Assert.Single(reading.Document!.Systems);
        Assert.Equal(("revalya", "America/Sao_Paulo", 6, 10), (system.Name, system.TimeZone, system.ActionsPerHour, system.Thresholds.ConnectingMinutes));
        Assert.Equal(Policy.Approve, system.Policies["instance_missing"]);
        Assert.Equal((new TimeOnly(3, 0), new TimeOnly(4, 30), DayOfWeek.Sunday), (system.MaintenanceWindows[0].From, system.MaintenanceWindows[0].To, system.MaintenanceWindows[0].Days[0]));
        Assert.Equal(Severity.High, reading.Document.Alerts.Routes[0].MinSeverity);
        Assert.Equal((587, SmtpSecurity.StartTls), (reading.Document.Alerts.Routes[1].Smtp!.Port, reading.Document.Alerts.Routes[1].Smtp!.Security));
        Assert.Equal((null, Language.BrazilianPortuguese), (reading.Document.Alerts.Routes[0].Language, reading.Document.Alerts.Routes[2].Language));
        Assert.Equal(OperatorRole.Approver, reading.Document.Operators[0].Role);
    }

    [Fact]
    public void One_reading_tells_all_problems_of_shape_and_of_meaning()
    {
        var file = FleetFile.Good();
        foreach (var (path, value) in new[] { ("systems[0].gatways", "1"), ("systems[0].timeZone", "\"x\""), ("systems[0].gateways[0].apiKey", "-"), ("alerts.routes[0].kind", "3"), ("operators[1].keyHash", "\"k\"") })
            FleetFile.Set(file, path, value);

        Assert.Equal(
            ["$.alerts.routes[0].kind", "$.operators[1].keyHash", "$.systems[0].gateways[0].apiKey", "$.systems[0].gatways", "$.systems[0].timeZone"],
            FleetReader.Read(file.ToJsonString()).Problems.Select(problem => problem.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "$: is not JSON")]
    [InlineData("[]", "$: must be a JSON object")]
    [InlineData("{\n  \"systems\": [\n}", "$: is not JSON at line 3")]
    [InlineData("{\"systems\":[],\"systems\":[]}", "$: has a name twice in one object")]
    public void Text_that_is_no_file_is_told_with_its_place(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Single(FleetReader.Read(text).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Comments_and_trailing_commas_are_allowed_and_not_stored()
    {
        var reading = FleetReader.Read("// ours\n" + FleetFile.Good().ToJsonString().TrimEnd('}') + ", /* end */ }");

        Assert.Empty(reading.Problems);
        Assert.DoesNotContain("ours", reading.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void No_damage_makes_the_reader_throw_or_pass_a_file_without_approver() => Gen.Select(Gen.Int[0, 2_000], Gen.Char.AlphaNumeric, Gen.Int[0, 3]).Sample((at, letter, kind) =>
    {
        var text = FleetFile.Good().ToJsonString();
        var index = at % text.Length;
        var damaged = kind switch { 0 => text[..index], 1 => text.Remove(index, 1), 2 => text.Insert(index, letter.ToString()), _ => text[..index] + "null" + text[index..] };
        var reading = FleetReader.Read(damaged);
        Assert.Equal(reading.Document is null, reading.Problems.Count > 0);
        Assert.True(reading.Document is null || reading.Document.Operators.Any(person => person.Role == OperatorRole.Approver));
    }, iter: 500);
}
