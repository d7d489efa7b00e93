using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Ports of what should never be public: databases, brokers, the tools that show them, and the door of a container engine, which is root on its machine .</summary>
internal static class KnownPorts
{
    private static readonly Dictionary<int, string> Services = new()
    {
        [2375] = "Docker without TLS", [3000] = "Grafana or an application", [3306] = "MySQL", [5432] = "PostgreSQL", [5672] = "RabbitMQ", [6379] = "Redis", [8081] = "Adminer",
        [9000] = "MinIO or Portainer", [9001] = "MinIO console", [9090] = "Prometheus", [15672] = "RabbitMQ management", [27017] = "MongoDB",
    };

    /// <summary>Null: nothing that is known.</summary>
    public static string? Service(int port) => Services.GetValueOrDefault(port);

    /// <summary>How bad it is that everybody can reach it.</summary>
    public static Severity Exposed(int port) => port is 2375 or 3306 or 5432 or 6379 or 27017 ? Severity.Critical : Severity.High;

    /// <summary>e.g. <c>5432 (PostgreSQL)</c>.</summary>
    public static string Named(int port) => Service(port) is { } service ? $"{port} ({service})" : $"{port}";
}
