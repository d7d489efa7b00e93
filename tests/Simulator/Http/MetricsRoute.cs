using System.Text;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.Http;

/// <summary>GET /metrics, with PROMETHEUS_METRICS only; v1.8 has none.</summary>
internal static class MetricsRoute
{
    public static Answer? Handle(Gateway gateway)
    {
        if (!gateway.Options.Metrics || gateway.Options.IsV1) return null;
        var loaded = gateway.Instances.All.Where(instance => instance.Loaded).ToList();
        var text = new StringBuilder();
        Head("evolution_environment_info", "Environment information");
        var (version, client, url) = (gateway.Options.Version, gateway.Options.ClientName, gateway.Webhooks.ServerUrl);
        text.Append($"evolution_environment_info{{version=\"{version}\",clientName=\"{client}\",serverUrl=\"{url}\"}} 1\n");
        Head("evolution_instances_total", "Total number of instances");
        text.Append($"evolution_instances_total {loaded.Count}\n");
        Head("evolution_instance_up", "1 if instance state is open, else 0");
        foreach (var one in loaded) text.Append($"evolution_instance_up{{{Labels(one)}}} {(one.State == InstanceState.Open ? 1 : 0)}\n");
        Head("evolution_instance_state", "Instance state as a labelled metric");
        foreach (var one in loaded) text.Append($"evolution_instance_state{{{Labels(one)},state=\"{one.State}\"}} 1\n");
        return new Answer(200, Encoding.UTF8.GetBytes(text.ToString()), "text/plain; version=0.0.4; charset=utf-8");

        void Head(string name, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} gauge\n");
    }

    private static string Labels(Instance instance) => $"instance=\"{Escaped(instance.Name)}\",integration=\"{instance.Integration}\"";

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
