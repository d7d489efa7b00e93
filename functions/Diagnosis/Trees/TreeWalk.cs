namespace WhatsOps.Diagnosis;

/// <summary>Walks a tree with what was seen. Every tree is finite and complete (a test holds them to it), so a walk ends at one conclusion.</summary>
internal static class TreeWalk
{
    public static DiagnosisResult Walk(Tree tree, DiagnosisView view)
    {
        var path = new List<DiagnosisStep>();
        var id = tree.Root;
        while (tree.Questions.FirstOrDefault(question => question.Id == id) is { } question)
        {
            var answer = Facts.All[question.Fact].Look(view);
            path.Add(new(question.Id, question.Text, answer.Answer, answer.Evidence));
            id = question.Next[answer.Answer];
        }

        var conclusion = tree.Conclusions.Single(leaf => leaf.Id == id);
        return new(
            tree.Symptom, path, conclusion.Id, conclusion.Severity, view.Fill(conclusion.Cause), conclusion.Remedy?.Runbook, conclusion.Remedy?.CommandFor(view),
            conclusion.Task is null ? null : view.Fill(conclusion.Task));
    }
}
