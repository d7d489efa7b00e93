using System.Diagnostics;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>The scripts around azd, run with an az and an azd that write down what they are asked.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("whatsops-azd-").FullName;

    public ScriptTests()
    {
        Directory.CreateDirectory(Path.Combine(home, "bin"));
        Directory.CreateDirectory(Path.Combine(home, "eng"));
        Directory.CreateDirectory(Path.Combine(home, "infra-bicep"));
        foreach (var script in new[] { "azd-preprovision", "azd-postprovision", "azure-secret" }) File.Copy(Path.Combine(Sources.Root, "eng", script), Path.Combine(home, "eng", script));
        foreach (var file in Directory.GetFiles(Template.Folder, "main.*.bicepparam")) File.Copy(file, Path.Combine(home, "infra-bicep", Path.GetFileName(file)));
        Program("azd", "");
        // The vault has what the file says; what is sent to it is kept apart from the arguments.
        Program("az", """
            case "$*" in
              *"secret list"*) [ -e "$HOME/locked" ] && { echo Forbidden >&2; exit 1; }; cat "$HOME/vault" 2>/dev/null || true ;;
              *"secret set"*) cat >> "$HOME/sent" ;;
            esac
            """);
    }

    [Fact]
    public async Task Before_the_resources_the_parameters_are_chosen_and_the_secrets_read_from_the_fleet_file()
    {
        File.Copy(Path.Combine(Sources.Root, "fleet.sample.json"), Path.Combine(home, "fleet.json"));
        var (code, words) = await RunAsync("azd-preprovision", ("AZURE_ENV_NAME", "prod"), ("WHATSOPS_ALERT_EMAILS", "night@example.com"));
        Assert.Equal((0, ""), (code, words));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Template.Folder, "main.prod.bicepparam")), await File.ReadAllTextAsync(Path.Combine(home, "infra-bicep", "main.bicepparam")));
        Assert.Contains("env set WHATSOPS_FLEET_SECRETS ALERT_WEBHOOK_SECRET,ALERT_WEBHOOK_URL,DELIVERY_SECRET,EVOLUTION_API_KEY,", Asked("azd"), StringComparison.Ordinal);
        Assert.Matches(@"env set WHATSOPS_BUDGET_START \d{4}-\d\d-01", Asked("azd"));
    }

    [Theory]
    [InlineData("lab", true, "night@example.com", "no parameter file")]
    [InlineData("prod", false, "night@example.com", "fleet.json is missing")]
    [InlineData("prod", true, "", "Nobody is told")]
    public async Task What_is_missing_is_said_with_its_fix_before_anything_is_made(string environment, bool hasFleet, string emails, string problem)
    {
        if (hasFleet) await File.WriteAllTextAsync(Path.Combine(home, "fleet.json"), "{}");
        var (code, words) = await RunAsync("azd-preprovision", ("AZURE_ENV_NAME", environment), ("WHATSOPS_ALERT_EMAILS", emails));
        Assert.Equal(1, code);
        Assert.Contains(problem, words, StringComparison.Ordinal);
        Assert.Contains("Fix: ", words, StringComparison.Ordinal);
        Assert.Equal("", Asked("azd"));
    }

    [Fact]
    public async Task The_data_key_is_made_once_and_no_value_is_ever_an_argument()
    {
        var (code, _) = await PostAsync();
        Assert.Equal(0, code);
        Assert.Equal(32, Convert.FromBase64String(Sent()).Length);
        Assert.DoesNotContain(Sent(), Asked("az"), StringComparison.Ordinal);
        Assert.Contains("--name data-key", Asked("az"), StringComparison.Ordinal);
        Assert.Contains("configreferences/appsettings/refresh", Asked("az"), StringComparison.Ordinal);

        var first = Sent();
        await File.WriteAllTextAsync(Path.Combine(home, "vault"), "data-key\noperations-database\n");
        Assert.Equal(0, (await PostAsync()).Code);
        Assert.Equal(first, Sent());
    }

    [Fact]
    public async Task A_vault_that_cannot_be_read_gets_no_second_data_key()
    {
        await File.WriteAllTextAsync(Path.Combine(home, "locked"), "");
        var (code, words) = await PostAsync();
        Assert.Equal(1, code);
        Assert.Contains("cannot be read from here", words, StringComparison.Ordinal);
        Assert.Equal("", Sent());
    }

    [Fact]
    public async Task A_secret_goes_to_the_vault_by_the_name_that_the_template_refers_to()
    {
        var (code, words) = await RunAsync("azure-secret EVOLUTION_API_KEY", "planted-value\n", Deployed);
        Assert.Equal((0, ""), (code, words));
        Assert.Equal("planted-value", Sent());
        Assert.Contains("--name evolution-api-key", Asked("az"), StringComparison.Ordinal);
        Assert.DoesNotContain("planted", Asked("az"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_value_changes_nothing()
    {
        var (code, words) = await RunAsync("azure-secret EVOLUTION_API_KEY", "", Deployed);
        Assert.Equal(1, code);
        Assert.Contains("nothing was changed", words, StringComparison.Ordinal);
        Assert.Equal("", Asked("az"));
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private static readonly (string, string)[] Deployed =
        [("WHATSOPS_VAULT", "kv-x"), ("AZURE_SUBSCRIPTION_ID", "sub"), ("AZURE_RESOURCE_GROUP", "rg-x"), ("WHATSOPS_APP", "func-x")];

    private Task<(int Code, string Words)> PostAsync() =>
        RunAsync("azd-postprovision", [.. Deployed, ("WHATSOPS_FLEET_SECRETS", "EVOLUTION_API_KEY"), ("WHATSOPS_VAULT_PAUSE", "0"), ("WHATSOPS_VAULT_ATTEMPTS", "2")]);

    private Task<(int Code, string Words)> RunAsync(string script, params (string, string)[] settings) => RunAsync(script, "", settings);

    private async Task<(int Code, string Words)> RunAsync(string script, string input, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec eng/" + script]) { WorkingDirectory = home, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["HOME"] = home;
        start.Environment["PATH"] = Path.Combine(home, "bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync();
        var words = await process.StandardError.ReadToEndAsync();
        await said;
        await process.WaitForExitAsync();
        return (process.ExitCode, words);
    }

    private void Program(string name, string body)
    {
        var file = Path.Combine(home, "bin", name);
        File.WriteAllText(file, $"#!/bin/sh\necho \"$*\" >> \"$HOME/{name}.asked\"\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Asked(string program) => Read($"{program}.asked");

    private string Sent() => Read("sent");

    private string Read(string name) => File.Exists(Path.Combine(home, name)) ? File.ReadAllText(Path.Combine(home, name)) : "";
}
