namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>How the remarks and errors of a <see cref="ChatSurvey{TItem, TAnswer}"/> call what is asked.</summary>
internal sealed record SurveyWords
{
    /// <summary>Who is asked, such as <c>teacher</c>.</summary>
    public string Who { get; init; } = "teacher";

    /// <summary>What is asked about, in the plural.</summary>
    public string Items { get; init; } = "texts";

    /// <summary>How its answers are used, after "The teacher is NAME, ".</summary>
    public required string How { get; init; }

    /// <summary>What an answer should be: "none of the first answers is …".</summary>
    public required string Wanted { get; init; }

    /// <summary>What useless answers do: "3 of 20 answers …".</summary>
    public required string Useless { get; init; }

    /// <summary>What to look at where no answer can be used, as a sentence.</summary>
    public required string NextStep { get; init; }

    /// <summary>What becomes of items without an answer.</summary>
    public string Consequence { get; init; } = "they are not learned from, and where they are measured it is taken to be undecided";

    /// <summary>The command that asks.</summary>
    public string Command { get; init; } = "decant distill";
}
