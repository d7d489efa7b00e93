using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops diagnose TENANT`: why it does not work, with the way to that answer.</summary>
internal static class DiagnoseCommand
{
    private static readonly string[] Symptoms = ["connection", "disconnection", "isolation", "performance", "sending", "latency", "memory", "all"];

    public static Command Create()
    {
        var tenant = new Argument<string>("tenant") { Description = "Exact slug of the tenant" };
        var system = new Option<string>("--system") { Description = "The system it belongs to", Required = true };
        var symptom = new Option<string>("--symptom") { Description = "What is wrong", DefaultValueFactory = _ => "all" };
        symptom.AcceptOnlyFromAmong(Symptoms);
        var command = new Command("diagnose", "Why one tenant does not work: walks the manuals' decision trees, changes nothing") { tenant, system, symptom };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var body = new { system = parsed.GetValue(system), tenant = parsed.GetValue(tenant), symptom = parsed.GetValue(symptom) };
            var report = await client.PostAsync<ReportView>("api/diagnose", body, cancellation);
            Terminal.Line($"{report.System}/{report.Tenant}: {report.Instance} on {report.Gateway ?? "no gateway that can be told"}, {report.CallsMade} calls");
            foreach (var diagnosis in report.Diagnoses) Print(diagnosis);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(DiagnosisView diagnosis)
    {
        Terminal.Title(diagnosis.Symptom);
        foreach (var step in diagnosis.Path)
            Terminal.Line($"  {step.Question} {step.Answer}{(step.Evidence.Count == 0 ? "" : $" ({string.Join(", ", step.Evidence.Select(fact => $"{fact.Key} {fact.Value}"))})")}");
        Terminal.Line($"  {diagnosis.Conclusion} ({diagnosis.Severity}): {diagnosis.Cause}");
        if (diagnosis.Command is { } command) Terminal.Line($"  Fix: {command}");
        if (diagnosis.Task is { } task) Terminal.Line($"  To do: {task}");
    }

    private sealed record ReportView(string System, string Tenant, string Instance, string? Gateway, int CallsMade, IReadOnlyList<DiagnosisView> Diagnoses);

    private sealed record DiagnosisView(
        string Symptom, IReadOnlyList<StepView> Path, string Conclusion, string Severity, string Cause, string? Command, string? Task);

    private sealed record StepView(string Question, string Answer, IReadOnlyDictionary<string, string> Evidence);
}
