using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Diagnosis over HTTP.</summary>
public sealed class DiagnosisFunctions(IServiceProvider services, IOperators operators)
{
    /// <summary>Body <c>{"system":"…","tenant":"…","symptom":"connection|disconnection|isolation|performance|sending|latency|memory|all"}</c>; changes nothing.</summary>
    [Function("Diagnose")]
    public async Task<IActionResult> DiagnoseAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "diagnose")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var body = await JsonBody.ReadAsync<DiagnosisRequest>(request, cancellation);
        // The generated code of the official host makes function classes public, the diagnostician is not.
        var report = await services.GetRequiredService<Diagnostician>().DiagnoseAsync(
            Required(body?.System, "$.system"), Required(body?.Tenant, "$.tenant"), body?.Symptom, cancellation);
        return new OkObjectResult(report);
    }

    private static string Required(string? value, string path) =>
        string.IsNullOrWhiteSpace(value) ? throw new ProblemException(400, $"{path} is missing.", path, "Send {\"system\": \"…\", \"tenant\": \"…\"}.") : value;

    internal sealed record DiagnosisRequest(string? System, string? Tenant, string? Symptom);
}
