using System.Reflection;
using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Checklists;

/// <summary>One line of the manuals' checklists (Revalya's R-115…R-133; TaktChat's of R-017…R-039; WhatsApp Agent's of R-171…R-241; the bot's of R-360…R-375), or of what they ask of the security of servers and no look can show (R-380…R-390).</summary>
/// <param name="Row">Of the capability list.</param>
/// <param name="Checklist">Name of its <see cref="Checklist"/>.</param>
/// <param name="By"><c>machine</c>: the evidence decides; <c>human</c>: a person does, with the evidence at hand.</param>
/// <param name="Sources">Where the evidence is: see <see cref="EvidenceCollector"/>.</param>
/// <param name="Level">Who is asked first: 1 developer, 2 tech lead, 3 CTO.</param>
/// <param name="Kind">Of the systems that it is about; null: every one.</param>
public sealed record ChecklistItem(string Row, string Checklist, string Title, string TitlePt, string By, IReadOnlyList<string> Sources, int Level = 1, string? Kind = null)
{
    public static IReadOnlyList<ChecklistItem> All { get; } = [.. Read("revalya"), .. Read("security"), .. Read("taktchat"), .. Read("agent"), .. Read("bot")];

    /// <summary>A list's items for a system.</summary>
    public static IEnumerable<ChecklistItem> Of(Checklist checklist, FleetSystem system) => All.Where(item => item.Checklist == checklist.Name && (item.Kind is null || item.Kind == system.Kind));

    private static IReadOnlyList<ChecklistItem> Read(string manual)
    {
        var resource = $"WhatsOps.Checklists.{manual}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is not in the assembly.");
        return JsonSerializer.Deserialize<List<ChecklistItem>>(stream, JsonSerializerOptions.Web)!;
    }
}
