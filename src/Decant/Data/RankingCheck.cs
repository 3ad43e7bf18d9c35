using Decant.Data.Labels;

namespace Decant.Data;

/// <summary>What a query with its documents must have to be learned from and measured on.</summary>
internal static class RankingCheck
{
    /// <summary>The name of the number that a model answers for a query with a document.</summary>
    public static IReadOnlyList<string> Outputs { get; } = ["relevance"];

    /// <summary>What is wrong with it, without a full stop; null: nothing.</summary>
    /// <param name="content">The query with its documents.</param>
    /// <param name="grades">Their grades; null: it has none.</param>
    public static string? Fault(RankingContent content, IReadOnlyList<float>? grades)
    {
        if (string.IsNullOrWhiteSpace(content.Query))
            return "the query is empty; give it text, or take the row out";
        if (content.Documents.ToList().FindIndex(string.IsNullOrWhiteSpace) is var blank and >= 0)
            return $"document {blank + 1} is empty; give it text, or take it out";
        if (content.Documents.Count < 2)
            return $"the query '{ClassList.Short(content.Query)}' has {content.Documents.Count} document{(content.Documents.Count == 1 ? "" : "s")}; expected 2 or more, relevant and other ones, so that there is something to put in order";
        if (grades is null)
            return null;
        if (grades.Count != content.Documents.Count)
            return $"the query '{ClassList.Short(content.Query)}' has {content.Documents.Count} documents and {grades.Count} grades; give every document one";
        if (grades.Any(grade => !float.IsFinite(grade) || grade < 0))
            return $"a grade is {grades.First(grade => !float.IsFinite(grade) || grade < 0)}; expected 0 or more, above 0 for a relevant document";
        if (grades.All(grade => grade == 0))
            return $"the query '{ClassList.Short(content.Query)}' has no relevant document, so nothing can be learned or measured with it; judge one, or take the query out";
        return grades.Distinct().Count() > 1 ? null
            : $"all {grades.Count} documents of the query '{ClassList.Short(content.Query)}' are as relevant, so there is nothing to put in order; add others that are not ('decant mine' finds some)";
    }
}
