namespace WhatsOps.Cli.Local;

/// <summary>What a fresh machine lacks, installed once and said aloud: Debian's PostgreSQL, Node.js and (for tests) Redis, RabbitMQ, Prometheus with Alertmanager and node_exporter, dropbear, and podman, npm's Azurite and (for tests) s3rver and Bull.</summary>
public static class Prerequisites
{
    // Pinned so that two machines test against the same emulator.
    private const string AzuriteVersion = "3.37.0";
    private const string S3RverVersion = "3.7.1";
    private const string BullVersion = "3.29.3";
    private const string NodeExporter = "prometheus-node-exporter";

    /// <summary>The folder of npm's tools and of what is not installed on the machine, inside the repository and not committed.</summary>
    public static string Tools(string repository) => Path.Combine(repository, ".local", "tools");

    /// <summary>The program of Debian's node_exporter.</summary>
    public static string NodeExporterProgram(string repository) => ChildProcess.Find(NodeExporter) ?? Path.Combine(Tools(repository), "debian", NodeExporter);

    public static async Task InstallAsync(
        string repository, Action<string> say, CancellationToken cancellation, bool postgres = true, bool blobs = true, bool redis = false, bool containers = false, bool objects = false, bool bull = false, bool rabbitMq = false,
        bool prometheus = false, bool ssh = false, bool nodeExporter = false)
    {
        var npm = blobs || objects || bull;
        var packages = new List<string>();
        if (postgres && LocalPostgres.BinDirectory() is null) packages.Add("postgresql");
        if (npm && !ChildProcess.Exists("node")) packages.Add("nodejs");
        if (npm && !ChildProcess.Exists("npm")) packages.Add("npm");
        if (redis && !ChildProcess.Exists("redis-server")) packages.Add("redis-server");
        if (rabbitMq && LocalRabbitMq.Program is null) packages.Add("rabbitmq-server");
        if (prometheus) packages.AddRange(((string[])["prometheus", "prometheus-alertmanager"]).Where(package => !ChildProcess.Exists(package)));
        // Its programs alone: the package dropbear would start a server of the machine.
        if (ssh && !ChildProcess.Exists("dropbear")) packages.Add("dropbear-bin");
        if (containers) packages.AddRange(((string[])["podman", "runc"]).Where(package => !ChildProcess.Exists(package)));
        if (containers && !ChildProcess.Exists("busybox")) packages.Add("busybox-static");
        if (packages.Count > 0) await InstallDebianAsync(packages, say, cancellation);
        if (nodeExporter) await UnpackNodeExporterAsync(repository, say, cancellation);
        if (blobs) await InstallToolAsync(Tools(repository), "azurite", AzuriteVersion, Path.Combine("dist", "src", "blob", "main.js"), say, cancellation);
        if (objects) await InstallToolAsync(Tools(repository), "s3rver", S3RverVersion, Path.Combine("bin", "s3rver.js"), say, cancellation);
        if (bull) await InstallToolAsync(Tools(repository), "bull", BullVersion, "index.js", say, cancellation);
    }

    private static async Task InstallDebianAsync(List<string> packages, Action<string> say, CancellationToken cancellation)
    {
        say($"Installing Debian packages: {string.Join(" ", packages)}");
        await UpdateDebianAsync(packages, cancellation);
        await RunAsync([.. Sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. packages], cancellation);
    }

    // Its program alone: installed, it would be a server of the machine that everybody reaches.
    private static async Task UnpackNodeExporterAsync(string repository, Action<string> say, CancellationToken cancellation)
    {
        if (File.Exists(NodeExporterProgram(repository))) return;
        var folder = Directory.CreateDirectory(Path.Combine(Tools(repository), "debian")).FullName;
        await using var turn = await FileLock.TakeAsync(Path.Combine(folder, "install.lock"), cancellation);
        if (File.Exists(NodeExporterProgram(repository))) return;
        say($"Unpacking the Debian package {NodeExporter}");
        await UpdateDebianAsync([NodeExporter], cancellation);
        // Moved when it is whole: another process starts it as soon as it sees it.
        await RunAsync(["sh", "-c", "cd \"$1\" && apt-get download -qq \"$2\" && dpkg-deb -x \"$2\"_*.deb new && mv \"new/usr/bin/$2\" . && rm -r new \"$2\"_*.deb", "sh", folder, NodeExporter], cancellation);
    }

    private static async Task UpdateDebianAsync(IReadOnlyList<string> packages, CancellationToken cancellation)
    {
        if (!ChildProcess.Exists("apt-get"))
            throw new InvalidOperationException(
                $"Missing: {string.Join(", ", packages)}. Install them with your system's package manager, or use --postgres and --blobs to bring your own.");
        if (Sudo is not [] && !ChildProcess.Exists("sudo"))
            throw new CliProblem($"Missing: {string.Join(", ", packages)}, and sudo to install them with.", $"as root, apt-get install {string.Join(' ', packages)}");
        await RunAsync([.. Sudo, "apt-get", "update", "-qq"], cancellation);
    }

    private static string[] Sudo => Environment.UserName == "root" ? [] : ["sudo"];

    private static async Task InstallToolAsync(string tools, string name, string version, string program, Action<string> say, CancellationToken cancellation)
    {
        var installed = Path.Combine(tools, "node_modules", name, program);
        if (File.Exists(installed)) return;
        // Two test processes may come here at once; npm does not bear that, a lock file does.
        Directory.CreateDirectory(tools);
        await using var turn = await FileLock.TakeAsync(Path.Combine(tools, "install.lock"), cancellation);
        if (File.Exists(installed)) return;
        say($"Installing {name} {version} with npm (about 20 seconds, once)");
        await RunAsync(["npm", "install", "--prefix", tools, "--no-audit", "--no-fund", "--no-package-lock", $"{name}@{version}"], cancellation);
    }

    private static Task<string> RunAsync(string[] command, CancellationToken cancellation) =>
        ChildProcess.RunAsync(command[0], command[1..], cancellation);
}
