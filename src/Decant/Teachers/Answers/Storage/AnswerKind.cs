namespace Decant.Teachers.Answers.Storage;

/// <summary>What a store keeps of a teacher's answers.</summary>
internal enum AnswerKind
{
    /// <summary>Logits over all classes or the whole vocabulary.</summary>
    Logits,

    /// <summary>The k largest probabilities and the mass of all others.</summary>
    TopK,

    /// <summary>Ids drawn from the teacher's distribution, with counts.</summary>
    Sampled,

    /// <summary>Texts that the teacher wrote.</summary>
    Texts,

    /// <summary>Scores, as of pairs of texts.</summary>
    Scores,

    /// <summary>Vectors, as of sentences.</summary>
    Vectors,

    /// <summary>Inner states.</summary>
    States,
}
