using System.Text.RegularExpressions;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>What every runbook of the product must be like.</summary>
public sealed partial class DeclarationTests
{
    public static TheoryData<string> Names() => [.. AllRunbooks.Current.Select(runbook => runbook.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Step_ids_are_kebab_case_and_unique_and_every_path_leads_back_to_its_step(string name)
    {
        var runbook = AllRunbooks.Get(name);
        var lines = StepTree.Flatten(runbook.Steps).ToList();
        Assert.All(lines, line => Assert.Matches(Kebab(), line.Step.Id));
        Assert.Equal(lines.Select(line => line.Path).Distinct(), lines.Select(line => line.Path));
        Assert.All(lines, line => Assert.Same(line.Step, StepTree.Find(runbook, line.Path.Replace("*", "0", StringComparison.Ordinal)).Step));
        Assert.DoesNotContain(lines, line => line.Path is StepCall.Begin or StepCall.End);
    }

    [Theory, MemberData(nameof(Names))]
    public void The_orchestrator_function_is_a_method_of_the_runbook_s_own_file(string name)
    {
        var runbook = AllRunbooks.Get(name);
        var functions = runbook.GetType().GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(Microsoft.Azure.Functions.Worker.FunctionAttribute), false));
        Assert.Equal(runbook.Orchestrator, Assert.Single(functions.Cast<Microsoft.Azure.Functions.Worker.FunctionAttribute>()).Name);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_step_that_changes_something_says_with_which_calls(string name) =>
        Assert.All(StepTree.Flatten(AllRunbooks.Get(name).Steps).Where(line => line.Step.Effect != Effect.Reads), line => Assert.NotEmpty(line.Step.Calls));

    [Theory, MemberData(nameof(Names))]
    public void A_choice_that_may_be_late_names_one_of_its_branches(string name) =>
        Assert.All(StepTree.Flatten(AllRunbooks.Get(name).Steps).Select(line => line.Step).OfType<ChooseStep>().Where(choose => choose.WhenLate is not null),
            choose => Assert.Contains(choose.WhenLate!, choose.Branches.Keys));

    [Theory, MemberData(nameof(Names))]
    public void The_plan_is_the_one_that_was_reviewed(string name)
    {
        var runbook = AllRunbooks.Get(name);
        var plan = Planner.Plan(runbook, new("revalya", "acme", "revalya-acme", "evo-1", "https://ops.example.com/api/whatsapp/webhook/acme"));
        Golden.Equal($"tests/Unit/Runbooks/Golden/{runbook.Name}.v{runbook.Version}.plan.json", Golden.Json(plan));
    }

    [Theory, MemberData(nameof(Names))]
    public void What_runs_on_a_TurboZap_shows_a_TurboZaps_calls_and_what_does_not_says_why(string name)
    {
        var runbook = AllRunbooks.Get(name);
        var gateway = new GatewayEndpoint { Name = "tz-1", Url = "http://tz", ApiKey = "${env:K}", Database = "${env:D}" };
        var system = new FleetSystem { Name = "shop", Kind = SystemKinds.TurboZap, Gateways = [gateway] };
        if (runbook.RefusalOf(system, gateway) is { } why)
        {
            Assert.Contains(name, (string[])["migrate-instance", "clean-orphans", "fix-isolation"]);
            Assert.NotEmpty(why);
            return;
        }

        var plan = Planner.Plan(runbook, new("shop", "acme", "shop-acme", "tz-1", null), system.Kind);
        Assert.All(plan.Steps.SelectMany(step => step.Calls.Concat(step.UndoCalls)), call =>
        {
            Assert.DoesNotContain("/instance/connectionState", call, StringComparison.Ordinal);
            Assert.DoesNotMatch("(GET|POST|PUT|DELETE) /(instance|webhook)/", call);
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void What_runs_on_a_TaktChat_shows_a_TaktChats_calls_and_what_does_not_says_why(string name)
    {
        var runbook = AllRunbooks.Get(name);
        var gateway = new GatewayEndpoint { Name = "main", Url = "http://takt", Accounts = [new() { Company = 12, Email = "${env:E}", Password = "${env:P}" }] };
        var system = new FleetSystem { Name = "takt", Kind = SystemKinds.TaktChat, Gateways = [gateway] };
        var refusal = runbook.RefusalOf(system, gateway);
        string[] refused = ["create-instance", "save-integration", "repair-webhook", "recover-instance", "reset-integration", "migrate-instance", "clean-orphans", "fix-isolation"];
        Assert.Equal(refused.Contains(name), refusal is not null);
        if (refusal is not null) return;
        var plan = Planner.Plan(runbook, new("takt", "12-7", "12-7", "main", null), system.Kind);
        Assert.All(plan.Steps.SelectMany(step => step.Calls.Concat(step.UndoCalls)), call =>
        {
            Assert.DoesNotMatch("(GET|POST|PUT|DELETE) /(instance|webhook)/", call);
            Assert.DoesNotContain("tenant_integrations", call, StringComparison.Ordinal);
            Assert.DoesNotContain("{connection}", call, StringComparison.Ordinal);
        });
        if (name == "reconnect")
            Assert.Contains("GET /whatsapp/7, POST /whatsappsession/7 where it is down, PUT where its session was wiped", plan.Steps.SelectMany(step => step.Calls));
    }

    [Fact]
    public void What_deletes_an_instance_is_refused_where_the_instance_is_the_tenant()
    {
        var gateway = new GatewayEndpoint { Name = "tz-1", Url = "http://tz", ApiKey = "${env:K}", Database = "${env:D}" };
        var system = new FleetSystem { Name = "shop", Kind = SystemKinds.TurboZap, Gateways = [gateway], TenantDirectory = new() { Kind = SystemKinds.TurboZap, ConnectionString = "${env:D}" } };
        foreach (var name in (string[])["reset-integration", "recover-instance"]) Assert.Contains("second run", AllRunbooks.Get(name).RefusalOf(system, gateway), StringComparison.Ordinal);
        Assert.Null(AllRunbooks.Get("reconnect").RefusalOf(system, gateway));
        Assert.Contains("gateways[].database", AllRunbooks.Get("reconnect").RefusalOf(system, gateway with { Database = null }), StringComparison.Ordinal);
        Assert.Null(AllRunbooks.Get("repair-webhook").RefusalOf(system, gateway with { Database = null }));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_page_in_docs_says_what_the_declaration_says(string name) =>
        Golden.Equal($"docs/runbooks/{name}.md", RunbookPage.Of(AllRunbooks.Get(name)));

    [Fact]
    public void Unknown_paths_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => StepTree.Find(AllRunbooks.Get("reset-integration"), "delete-instance.0.logout"));

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex Kebab();
}
