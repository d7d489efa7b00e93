using System.Text.RegularExpressions;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>infra-bicep/bicepconfig.json turns every linter rule into an error; here not even a warning passes.</summary>
[Collection("Infra")]
public sealed class CompilationTests(Template template)
{
    [BicepFact]
    public void The_template_compiles_and_lints_without_a_word()
    {
        Assert.Equal("", template.Main.Words);
        Assert.NotNull(template.Main.Text);
    }

    [BicepFact]
    public void Every_parameter_file_builds_and_can_be_deployed_as_far_as_that_is_known_without_Azure()
    {
        Assert.Equal(["dev", "prod"], Template.Environments);
        Assert.All(template.Snapshots.Values, answer =>
        {
            Assert.Equal("", answer.Words);
            Assert.Empty(answer.Json["diagnostics"]!.AsArray());
        });
    }

    [BicepFact]
    public async Task A_database_of_your_own_and_the_scheduler_for_orchestrations_can_be_deployed_too()
    {
        var parameters = await File.ReadAllTextAsync(Path.Combine(Template.Folder, "main.dev.bicepparam"));
        var answer = await template.EvaluateAsync(
            "other", parameters.Replace("'DurableBackend', 'AzureStorage'", "'NOT_SET', 'DurableTaskScheduler'", StringComparison.Ordinal) + "param makePostgres = false\nparam ownPostgresConnections = 500\n");
        Assert.Equal("", answer.Words);
        var resources = answer.Json["predictedResources"]!.AsArray();
        var types = resources.Select(resource => (string)resource!["type"]!).ToArray();
        Assert.Contains("Microsoft.DurableTask/schedulers/taskHubs", types);
        Assert.DoesNotContain(types, type => type.StartsWith("Microsoft.DBforPostgreSQL", StringComparison.Ordinal) || type == "Microsoft.KeyVault/vaults/secrets");
        var settings = resources.Single(resource => (string)resource!["type"]! == "Microsoft.Web/sites/config")!["properties"]!;
        Assert.Equal("azureManaged", (string)settings["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"]!);
        Assert.Contains("Authentication=ManagedIdentity", (string)settings["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void No_module_is_left_over()
    {
        var text = string.Concat(Directory.GetFiles(Template.Folder, "*.bicep", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(Directory.GetFiles(Path.Combine(Template.Folder, "modules")), file => Assert.Matches($"'(modules/)?{Regex.Escape(Path.GetFileName(file))}'", text));
    }

    [BicepFact]
    public void Everything_of_production_is_in_Brazil_South()
    {
        var places = template.Resources("prod").Select(resource => (string?)resource["location"]).OfType<string>().Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(["brazilsouth", "global"], places);
    }

    [Fact]
    public void What_azd_runs_is_there_and_can_run()
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, "azure.yaml"));
        var scripts = Regex.Matches(text, "run: sh (?<script>.+)").Select(match => match.Groups["script"].Value).ToArray();
        Assert.Equal(["eng/azd-preprovision", "eng/azd-postprovision", "eng/azure-model"], scripts);
        Assert.All(scripts, script => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(Sources.Root, script)).HasFlag(UnixFileMode.UserExecute), script));
        Assert.Contains("dist: artifacts/functions", text, StringComparison.Ordinal);
    }
}
