namespace Decant.Runs.Reports.Record;

/// <summary>What a teacher behind an API said of a few texts, for people to look at.</summary>
internal sealed record TeacherSaid : RunEvent
{
    /// <summary>Who was asked.</summary>
    public required string Teacher { get; init; }

    /// <summary>Texts that were drawn at random, and then some on which it abstained.</summary>
    public IReadOnlyList<SaidOfText> Texts { get; init; } = [];

    /// <summary>How many texts it answered; <see cref="Texts"/> has a few of them.</summary>
    public int Answered { get; init; }

    /// <summary>On how many it abstained.</summary>
    public int Abstained { get; init; }
}

/// <summary>A text and what was said of it.</summary>
/// <param name="Text">The text, cut where it is long.</param>
/// <param name="Said">The answer in words; of an abstention what the model wrote.</param>
/// <param name="Abstention">Why the answer is not used; null: it is.</param>
internal sealed record SaidOfText(string Text, string Said, string? Abstention);
