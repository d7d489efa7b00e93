using WhatsOps.Cli.Local;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>The whatsops command as a process of its own, as ana at a host would type it.</summary>
internal static class CommandProcess
{
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(FleetHost host, params string[] arguments)
    {
        using var process = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "whatsops.dll"), .. arguments], new Dictionary<string, string> { ["WHATSOPS_URL"] = host.Url, ["WHATSOPS_KEY"] = host.Key });
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }
}
