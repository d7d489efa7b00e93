using System.Diagnostics;
using WhatsOps.Cli;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;

namespace WhatsOps.Tests.Unit.Cli;

/// <summary>What a machine lacks is told with its fix.</summary>
public sealed class MissingProgramTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("whatsops-missing-").FullName;

    [Theory]
    [InlineData("no-such-program", "as root, apt-get install no-such-program;")]
    [InlineData("/nowhere/node", "as root, apt-get install nodejs;")]
    public async Task A_program_that_is_missing_is_named_with_its_package(string program, string fix)
    {
        var problem = await Assert.ThrowsAsync<CliProblem>(() => ChildProcess.RunAsync(program, [], TestContext.Current.CancellationToken));

        Assert.Equal($"{program} is missing.", problem.Message);
        Assert.StartsWith(fix, problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatsops_test_says_its_count_on_the_last_line_where_nothing_can_be_installed()
    {
        // An apt-get that nobody may execute, no sudo, no Node.js.
        await File.WriteAllTextAsync(Path.Combine(folder, "apt-get"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, "WhatsOpsFunctions.sln"), "");
        foreach (var part in (string[])["whatsops.*", "System.CommandLine.*", "Spectre.*", "Npgsql.*", "Microsoft.Extensions.*"])
            foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, part)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var start = new ProcessStartInfo(ChildProcess.Find("dotnet")!, [Path.Combine(folder, "whatsops.dll"), "test"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = folder;
        using var process = ChildProcess.Start(start);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal("0 passed, 1 failed, 0 skipped", output.TrimEnd().Split('\n')[^1]);
        Assert.Equal(ExitCode.Problem, process.ExitCode);
        Assert.Contains("Fix: as root, apt-get install", await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_connection_string_is_refused_before_anything_starts_and_its_password_is_not_told()
    {
        var settings = new UpSettings(null, "postgres://me:secret@db.example.com/ops", null, null, Once: true);
        var problem = await Assert.ThrowsAsync<CliProblem>(() => UpRun.RunAsync(settings, TestContext.Current.CancellationToken));

        Assert.StartsWith("--postgres", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message + problem.Fix, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
