using WhatsOps.Benchmarks;

// Usage: WhatsOps.Benchmarks [NAME] [--json]; `./whatsops bench` builds it in Release and passes its arguments on.
var json = args.Contains("--json");
var name = args.FirstOrDefault(argument => !argument.StartsWith('-'));
var all = BenchmarkCatalogue.All();
var chosen = name is null ? all : [.. all.Where(benchmark => benchmark.Name == name)];
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"There is no benchmark {name}. There are: {string.Join(", ", all.Select(benchmark => benchmark.Name))}.");
    return 2;
}

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    cancellation.Cancel();
};
var servers = new BenchmarkServers();
// Hosts under measurement log to standard output, where `--json` promises nothing but results.
var output = Console.Out;
Console.SetOut(Console.Error);
var results = new List<BenchmarkResult>();
foreach (var benchmark in chosen)
{
    servers.Say($"{benchmark.Name}: measuring…");
    var result = await benchmark.RunAsync(servers, cancellation.Token);
    results.Add(result);
    Console.SetOut(output);
    if (json) Console.WriteLine(BenchmarkReport.Json(result));
    else BenchmarkReport.Print(result);
    Console.SetOut(Console.Error);
}

return results.All(result => result.Met) ? 0 : 1;
