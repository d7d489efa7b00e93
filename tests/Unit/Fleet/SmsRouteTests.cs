using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

/// <summary>What a route of text messages needs is told by its path.</summary>
public sealed class SmsRouteTests
{
    private static readonly AlertRoute Good = new()
    {
        Name = "phone", Kind = "sms", Url = "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json", User = "${env:SID}", Secret = "${env:TOKEN}", To = ["+5511999990000"], From = "+15005550006", MinSeverity = Severity.Critical,
    };

    public static TheoryData<AlertRoute, string> Routes => new()
    {
        { Good, "" },
        { Good with { MinSeverity = Severity.High }, "" },
        { Good with { Url = null }, "$.url" },
        { Good with { User = "AC0" }, "$.user" },
        { Good with { Secret = null }, "$.secret" },
        { Good with { To = [] }, "$.to" },
        { Good with { To = ["+5511999990000", "+5511999990001"] }, "$.to" },
        { Good with { To = ["11 99999-0000"] }, "$.to[0]" },
        { Good with { From = null }, "$.from" },
        { Good with { MinSeverity = Severity.Medium }, "$.minSeverity" },
        { Good with { Kind = "log", Url = null, Secret = null, To = [], From = null }, "$.user" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_mistake_is_told_by_its_path(AlertRoute route, string path)
    {
        var problems = new FleetProblems();
        RouteFields.Check(route, "$", problems);
        Assert.Equal(path, string.Join(",", problems.All.Select(problem => problem.Path)));
    }
}
