using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>What is wrong with an app is said before the first request, all of it at once.</summary>
public sealed class StartUpTests
{
    private const string Database = "--EmbeddedHost:Database=Host=127.0.0.1;Port=1;Timeout=1";

    [Fact]
    public void Every_problem_is_listed_with_its_class_and_method()
    {
        var problems = Problems([typeof(Wrong), typeof(Hidden)], Database);

        string[] expected =
        [
            "Function name 'Twice' is used more than once:",
            "Wrong.SameRoute: route 'api/same/{b}' with GET already belongs to",
            "Wrong.Cron: timer schedule '0 99 * * * *' is neither a six-field NCRONTAB",
            "Wrong.FiveFields: timer schedule '*/5 * * * *' is neither a six-field NCRONTAB",
            "Wrong.Never: timer schedule '0 0 0 30 2 *' never occurs.",
            "Wrong.MissingSetting: timer schedule %Nightly%: the setting Nightly is not set.",
            "Wrong.Reserved: route 'admin/x' is under 'admin'",
            "Wrong.BadRoute: route 'a/{b' is not valid",
            "Wrong.BadConstraint: route 'a/{b:nosuch}': constraint 'nosuch' does not exist.",
            "Wrong.BadParameter: parameter 'what' (Int32) cannot be bound",
            "Wrong.OptionalNumber: parameter 'number' (Int32) cannot be bound",
            "Wrong.Void: async void cannot be awaited",
            "Wrong.Value: the official worker does not await ValueTask",
            "Wrong.NoTrigger: needs exactly one trigger parameter, has 0.",
            "Wrong.Level: AuthorizationLevel.System is not supported",
            "Wrong.BadName: '1st' is not a function name",
            "Hidden.Run: the class and the method must be public",
        ];
        foreach (var text in expected)
            Assert.Contains(problems, problem => problem.Contains(text, StringComparison.Ordinal));
        Assert.Equal(expected.Length, problems.Count);
    }

    [Fact]
    public void Missing_and_weak_keys_are_named_with_their_fix_and_never_shown()
    {
        var builder = FunctionsApplication.CreateBuilder(["--EmbeddedHost:FunctionKey=short-secret"]);
        builder.ConfigureFunctionsWebApplication();
        builder.FunctionTypes = [];
        var error = Assert.Throws<InvalidFunctionAppException>(() => builder.BuildOrThrow());
        Assert.Contains("EmbeddedHost__MasterKey is not set", error.Message, StringComparison.Ordinal);
        Assert.Contains("EmbeddedHost__FunctionKey is shorter than 16 characters", error.Message, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_nobody_registered_is_found_before_the_first_request() =>
        Assert.Contains(Problems([typeof(NeedsService)]), problem => problem.StartsWith("NeedsService: the constructor needs", StringComparison.Ordinal));

    [Fact]
    public void Timers_need_a_database() =>
        Assert.Contains(Problems([typeof(FineTimer)]), problem => problem.StartsWith("EmbeddedHost__Database (or OperationsDatabase) is not set", StringComparison.Ordinal));

    [Fact]
    public void A_schedule_may_come_from_a_setting() => TestFunctionHost.Builder([typeof(FineTimer)], Database).BuildOrThrow();

    private static IReadOnlyCollection<string> Problems(Type[] types, params string[] settings) =>
        Assert.Throws<InvalidFunctionAppException>(() => TestFunctionHost.Builder(types, settings).BuildOrThrow()).Problems;

    public sealed class NeedsService(IComparer<string> comparer)
    {
        [Function("NeedsService")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => $"{comparer}";
    }

    public sealed class FineTimer
    {
        [Function("Fine")]
        public void Run([TimerTrigger("00:05:00")] TimerInfo timer) => timer.IsPastDue = false;
    }

    public sealed class Wrong
    {
        [Function("Twice")]
        public string First([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path;

        [Function("twice")]
        public string Second([HttpTrigger(AuthorizationLevel.Anonymous, Route = "second")] HttpRequest request) => request.Path;

        [Function("SameRouteA")]
        public string SameRouteA([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "same/{a}")] HttpRequest request, string a) => a;

        [Function("SameRoute")]
        public string SameRoute([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "same/{b}")] HttpRequest request, string b) => b;

        [Function("Cron")]
        public void Cron([TimerTrigger("0 99 * * * *")] TimerInfo timer) => timer.IsPastDue = false;

        [Function("FiveFields")]
        public void FiveFields([TimerTrigger("*/5 * * * *")] TimerInfo timer) => timer.IsPastDue = false;

        [Function("Never")]
        public void Never([TimerTrigger("0 0 0 30 2 *")] TimerInfo timer) => timer.IsPastDue = false;

        [Function("MissingSetting")]
        public void MissingSetting([TimerTrigger("%Nightly%")] TimerInfo timer) => timer.IsPastDue = false;

        [Function("Reserved")]
        public string Reserved([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/x")] HttpRequest request) => request.Path;

        [Function("BadRoute")]
        public string BadRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => request.Path;

        [Function("BadConstraint")]
        public string BadConstraint([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b:nosuch}")] HttpRequest request) => request.Path;

        [Function("BadParameter")]
        public string BadParameter([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, int what) => $"{what}";

        [Function("OptionalNumber")]
        public string OptionalNumber([HttpTrigger(AuthorizationLevel.Anonymous, Route = "o/{number?}")] HttpRequest request, int number) => $"{number}";

        [Function("Void")]
        public async void Void([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => await Task.Yield();

        [Function("Value")]
        public ValueTask Value([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => default;

        [Function("NoTrigger")]
        public string NoTrigger(HttpRequest request) => request.Path;

        [Function("Level")]
        public string Level([HttpTrigger(AuthorizationLevel.System)] HttpRequest request) => request.Path;

        [Function("1st")]
        public string BadName([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path;
    }

    internal sealed class Hidden
    {
        [Function("Hidden")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path;
    }
}
