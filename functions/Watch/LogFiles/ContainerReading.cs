using WhatsOps.Containers;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What it means for a look when a container's engine does not give what is asked for.</summary>
internal static class ContainerReading
{
    public static async Task<Reading> OfAsync(Func<Task<Reading>> read)
    {
        try
        {
            return await read();
        }
        catch (ContainerException problem)
        {
            return problem.IsRefused ? Reading.Unauthorized(problem.Message) : problem.IsLasting ? Reading.Absent(problem.Message) : Reading.Unreachable(problem.Message);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or InvalidDataException)
        {
            return Reading.Unreachable("What the engine sends of it broke off, or is no archive.");
        }
    }
}
