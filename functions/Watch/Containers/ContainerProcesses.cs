using System.Globalization;
using System.Text.Json;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What runs in a container, as <c>docker top</c> shows it, by its memory.</summary>
internal sealed class ContainerProcesses(EngineApi engines)
{
    // Docker hands its arguments to the machine's ps. podman knows names of columns by itself, and runs the ps of the container, which may have none, for all else.
    private static readonly string[] Columns = ["pid,rss,comm", "-eo pid,rss,comm"];

    /// <summary>The largest first.</summary>
    /// <exception cref="ContainerException">It does not run, or the engine does not answer, does not tell, or says no.</exception>
    public async Task<IReadOnlyList<ContainerProcess>> ReadAsync(ContainerReference container, CancellationToken cancellation)
    {
        ContainerException? refused = null;
        foreach (var columns in Columns)
        {
            try
            {
                using var answer = await engines.GetAsync(container.Engine, $"/containers/{Uri.EscapeDataString(container.Container)}/top?ps_args={Uri.EscapeDataString(columns)}", cancellation);
                if (Read(answer.RootElement) is { Count: > 0 } processes) return processes;
            }
            catch (ContainerException problem)
            {
                refused = problem;
            }
        }

        throw refused ?? new ContainerException($"The engine at {container.Engine} does not tell what runs in container {container.Container}.");
    }

    internal static IReadOnlyList<ContainerProcess> Read(JsonElement answer)
    {
        var titles = answer.Texts("Titles");
        var (pid, size, command) = (Array.IndexOf(titles, "PID"), Array.IndexOf(titles, "RSS"), Array.IndexOf(titles, "COMMAND"));
        if (pid < 0 || size < 0 || command < 0 || answer.At("Processes") is not { ValueKind: JsonValueKind.Array } rows) return [];
        return [.. from row in rows.EnumerateArray()
                   let cells = row.EnumerateArray().Select(cell => cell.GetString() ?? "").ToArray()
                   where cells.Length == titles.Length && long.TryParse(cells[size], CultureInfo.InvariantCulture, out _)
                   let process = new ContainerProcess(cells[pid], JsonReading.Plain(cells[command]), long.Parse(cells[size], CultureInfo.InvariantCulture))
                   orderby process.Kilobytes descending, process.Pid
                   select process];
    }
}
