using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace WhatsOps.Cli.Local;

/// <summary>
/// A private RabbitMQ with its management plugin on free loopback ports, with a password: a node with its own port mapper (epmd), cookie and data in one folder,
/// run by whoever started it. Debian's own service is neither needed nor touched.
/// </summary>
public sealed class LocalRabbitMq : IAsyncDisposable
{
    public const string User = "watch";

    // The file on PATH is Debian's wrapper, which becomes the user rabbitmq and takes only the data of the service.
    private const string Scripts = "/usr/lib/rabbitmq/bin";
    // A queue's numbers are a second or two old instead of five or ten.
    private const string Statistics =
        "collect_statistics_interval = 1000\nmanagement.sample_retention_policies.global.minute = 1\nmanagement.sample_retention_policies.basic.minute = 1\nmanagement.sample_retention_policies.detailed.minute = 1\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _portMapper;
    private readonly Process _process;
    private readonly Dictionary<string, string> _environment;

    private LocalRabbitMq(Process portMapper, Process process, Dictionary<string, string> environment, int port, int managementPort, string password) =>
        (_portMapper, _process, _environment, Port, ManagementPort, Password) = (portMapper, process, environment, port, managementPort, password);

    /// <summary>Of AMQP.</summary>
    public int Port { get; }

    public int ManagementPort { get; }

    /// <summary>The management API.</summary>
    public string Url => $"http://127.0.0.1:{ManagementPort}";

    public string Password { get; }

    public int ProcessId => _process.Id;

    public int PortMapperId => _portMapper.Id;

    /// <summary>The script that starts a server; null: not installed.</summary>
    internal static string? Program => File.Exists(Path.Combine(Scripts, "rabbitmq-server")) ? Path.Combine(Scripts, "rabbitmq-server") : null;

    /// <summary>Starts a server with nothing in it; takes 5 to 15 seconds.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or it ended instead.</exception>
    /// <exception cref="TimeoutException">It does not listen in time.</exception>
    public static async Task<LocalRabbitMq> StartAsync(string folder, CancellationToken cancellation)
    {
        var program = Program ?? throw new InvalidOperationException($"rabbitmq-server is not in {Scripts}.");
        Directory.CreateDirectory(folder);
        var (port, management, distribution, mapper) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        PrivateFile.Write(
            Path.Combine(folder, "rabbitmq.conf"),
            string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.1 = 127.0.0.1:{port}\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\ndefault_user = {User}\ndefault_pass = {password}\n") + Statistics);
        await File.WriteAllTextAsync(Path.Combine(folder, "plugins"), "[rabbitmq_management].\n", cancellation);
        var environment = new Dictionary<string, string>
        {
            // The cookie is made there.
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{mapper}",
            ["RABBITMQ_NODENAME"] = $"whatsops-{port}@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "plugins"),
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        };
        // The node would start one that outlives it.
        var portMapper = await LocalServer.StartAsync("epmd", ["-port", $"{mapper}", "-address", "127.0.0.1"], mapper, cancellation);
        try
        {
            var process = await LocalServer.StartAsync(program, [], port, cancellation, environment, Patience);
            // AMQP is the last to listen: the management API is there.
            return new(portMapper, process, environment, port, management, password);
        }
        catch
        {
            await LocalServer.KillAsync(portMapper);
            throw;
        }
    }

    /// <summary>What <c>rabbitmqctl</c> says; takes a second.</summary>
    public Task<string> ControlAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        ChildProcess.RunAsync(Path.Combine(Scripts, "rabbitmqctl"), ["-n", _environment["RABBITMQ_NODENAME"], .. arguments], cancellation, _environment);

    // Nothing of it is kept.
    public async ValueTask DisposeAsync()
    {
        await LocalServer.KillAsync(_process);
        await LocalServer.KillAsync(_portMapper);
    }
}
