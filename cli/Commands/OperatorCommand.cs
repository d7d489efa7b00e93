using System.CommandLine;
using WhatsOps.Cli.Output;
using WhatsOps.Cli.Up;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops operator key NAME`: a new key, shown once, and the hash for the fleet file.</summary>
internal static class OperatorCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Name of the operator, as the audit trail will show it" };
        var role = new Option<string>("--role") { Description = "viewer, operator or approver", DefaultValueFactory = _ => "operator" };
        role.AcceptOnlyFromAmong("viewer", "operator", "approver");
        var key = new Command("key", "Make a key for an operator; it is shown once and stored nowhere") { name, role };
        key.SetAction(parsed =>
        {
            var made = OperatorKey.Create();
            Terminal.Line($"Key of {parsed.GetValue(name)} (hand it over safely, it is not shown again):");
            Terminal.Line($"  {made.Key}");
            Terminal.Line("Add to \"operators\" in the fleet file, then ./whatsops fleet apply FILE:");
            Terminal.Line($$"""  { "name": "{{parsed.GetValue(name)}}", "role": "{{parsed.GetValue(role)}}", "keyHash": "{{made.Hash}}" }""");
            return ExitCode.Ok;
        });
        return new Command("operator", "Operators and their keys") { key };
    }
}
