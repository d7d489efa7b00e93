using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Doctor over HTTP.</summary>
public sealed class DoctorFunctions(IDoctor doctor, IOperators operators)
{
    [Function("Doctor")]
    public async Task<IActionResult> ExamineAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "doctor")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(new DoctorView(await doctor.ExamineAsync(cancellation)));
    }

    internal sealed record DoctorView(IReadOnlyList<DoctorCheck> Checks);
}
