namespace Decant.Evaluation.Texts;

/// <summary>Whether a text is its reference: without white space around them, each run of white space within as one space, in Unicode's form C. Case and punctuation count.</summary>
internal static class ExactText
{
    /// <summary>1 where it is, else 0.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="reference">What was to be written.</param>
    public static double Of(string text, string reference) => PlainText.Spaced(text) == PlainText.Spaced(reference) ? 1 : 0;
}
