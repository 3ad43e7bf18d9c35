using Decant.Text;
using Decant.Text.Alignment;
using Decant.Text.Training;
using Decant.Text.Training.Unigram;

namespace Decant.Tests.Text.Alignment;

/// <summary>Texts, and tokenizers that were learned from them.</summary>
internal static class MadeUp
{
    public static readonly string[] Texts =
    [
        "Once upon a time there was a little cat. The cat liked the other cats, and they liked the little cat.",
        "  two spaces, a tab\tand\na line;  numbers 123 4567 and thin things. Other thoughts: then, there, these.",
        "从前有一只小猫。小猫喜欢其他的猫，它们也喜欢小猫。Once more: 猫 and cat.",
        "naïve café — “quotes”, emoji 🐈‍⬛ and 👍🏽, Ωmega; the end.",
    ];

    public static ITokenizer ByteBpe(int vocabulary, bool lowerCase = false) => new ByteBpeOptions { Vocabulary = vocabulary, MinFrequency = 1, LowerCase = lowerCase }.Train(Texts);

    /// <summary>One that puts a space before every text.</summary>
    public static ITokenizer Unigram() => new UnigramOptions { Vocabulary = 400 }.Train(Texts);

    public static TokenTranslator Translator(ITokenizer student, ITokenizer teacher) =>
        new(new(TokenBytes.Of(student, "student"), TokenBytes.Of(teacher, "teacher"), TextBoundaries.EndOfText(student), TextBoundaries.EndOfText(teacher)));
}
