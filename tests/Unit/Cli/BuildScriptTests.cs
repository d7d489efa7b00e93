using System.Diagnostics;
using System.Globalization;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Cli;

/// <summary>The script whatsops builds what has changed and nothing else, shown with a dotnet that counts its builds, in a folder with a space in its name.</summary>
public sealed class BuildScriptTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("whats ops ").FullName;

    public BuildScriptTests()
    {
        File.Copy(Path.Combine(Sources.Root, "whatsops"), Path.Combine(root, "whatsops"));
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json", "host.json", "WhatsOpsFunctions.sln", "eng/up.slnf", "functions/A.cs", "embedded/B.cs", "cli/C.cs", "tests/Unit/D.cs" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            File.WriteAllText(Path.Combine(root, file), "");
            // Older than any build.
            File.SetLastWriteTimeUtc(Path.Combine(root, file), DateTime.UtcNow.AddHours(-1));
        }

        var dotnet = Path.Combine(root, "sdk", "dotnet");
        Directory.CreateDirectory(Path.GetDirectoryName(dotnet)!);
        File.WriteAllText(dotnet, """
            #!/bin/sh
            case "$1" in
              --list-sdks) echo '10.0.100 [/sdk]' ;;
              build)
                echo "$2" >>builds
                [ ! -e broken ] || { echo 'A.cs(1,1): error'; exit 1; }
                for dll in cli/bin/Release/net10.0/whatsops.dll functions/bin/Release/net10.0/WhatsOps.Functions.dll tests/Integration/bin/Release/net10.0/WhatsOps.Tests.Integration.dll; do
                  mkdir -p "$(dirname "$dll")"; : >"$dll"
                done ;;
            esac
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task What_is_built_is_not_built_again_until_a_source_is_changed_comes_goes_or_is_renamed()
    {
        Assert.Equal(1, await BuildsOfAsync("help"));
        Assert.Equal(0, await BuildsOfAsync("help"));
        File.SetLastWriteTimeUtc(Source("cli/C.cs"), DateTime.UtcNow.AddSeconds(2));
        Assert.Equal(1, await BuildsOfAsync("help"));
        File.SetLastWriteTimeUtc(Source("cli/C.cs"), DateTime.UtcNow.AddHours(-1));
        // A renamed file keeps its time, and one that is gone has none.
        File.Move(Source("cli/C.cs"), Source("cli/E.cs"));
        Assert.Equal(1, await BuildsOfAsync("help"));
        File.Delete(Source("cli/E.cs"));
        Assert.Equal(1, await BuildsOfAsync("help"));
        Assert.Equal(0, await BuildsOfAsync("help"));
    }

    [Fact]
    public async Task The_build_of_the_tests_has_what_the_other_commands_need()
    {
        Assert.Equal(1, await BuildsOfAsync("test"));
        Assert.Equal(0, await BuildsOfAsync("test"));
        Assert.Equal(0, await BuildsOfAsync("up"));
        File.Delete(Source("functions/A.cs"));
        Assert.Equal(1, await BuildsOfAsync("test"));
    }

    [Fact]
    public async Task A_build_that_fails_is_counted_by_test_on_the_last_line_and_tried_again()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "broken"), "");
        var (code, output) = await RunAsync("test");
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped"), (code, output.TrimEnd().Split('\n')[^1]));
        Assert.Equal(1, (await RunAsync("up")).Code);
        File.Delete(Path.Combine(root, "broken"));
        Assert.Equal(1, await BuildsOfAsync("test"));
    }

    [Theory]
    [InlineData(0, 0, "7 passed, 0 failed, 0 skipped")]
    [InlineData(3, 1, "0 passed, 1 failed, 0 skipped")]
    public async Task A_model_for_Azure_that_cannot_be_built_is_counted_on_the_last_line_too(int modelCode, int code, string last)
    {
        await WriteScriptAsync(".ci/run", await File.ReadAllTextAsync(Path.Combine(Sources.Root, ".ci", "run")));
        await WriteScriptAsync("eng/azure-model", $"#!/bin/sh\necho 'The Azure model lacks host.json.' >&2\nexit {modelCode}\n");
        await WriteScriptAsync("whatsops", "#!/bin/sh\n[ \"$*\" = 'test --faults' ] && echo '7 passed, 0 failed, 0 skipped'\n");

        var (ended, output) = await RunAsync("bash", Path.Combine(root, ".ci", "run"));

        Assert.Equal((code, last), (ended, output.TrimEnd().Split('\n')[^1]));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Source(string file) => Path.Combine(root, file);

    private async Task<int> BuildsOfAsync(string command)
    {
        var builds = Path.Combine(root, "builds");
        File.Delete(builds);
        Assert.Equal(0, (await RunAsync(command)).Code);
        return File.Exists(builds) ? (await File.ReadAllLinesAsync(builds)).Length : 0;
    }

    private async Task WriteScriptAsync(string name, string text)
    {
        var file = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<(int Code, string Output)> RunAsync(string command) => RunAsync("/bin/sh", Path.Combine(root, "whatsops"), command);

    private async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["PATH"] = string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(root, "sdk")}:{Environment.GetEnvironmentVariable("PATH")}");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
