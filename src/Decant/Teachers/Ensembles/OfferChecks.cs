using Decant.Signals;

namespace Decant.Teachers.Ensembles;

/// <summary>Whether what two teachers offer can become one answer.</summary>
internal static class OfferChecks
{
    /// <summary>Refuses teachers that do not belong together.</summary>
    /// <param name="first">A teacher.</param>
    /// <param name="other">Another.</param>
    /// <param name="areAveraged">Whether number is averaged with number, so that they must answer with as many.</param>
    /// <exception cref="DecantException">They do not: what differs first is named.</exception>
    public static void CheckAlike((string Name, TeacherOffer Offer) first, (string Name, TeacherOffer Offer) other, bool areAveraged = true)
    {
        var (a, b) = (first.Offer, other.Offer);
        if (!b.Kinds.HasFlag(SignalKinds.DenseLogits))
            throw new DecantException($"Teacher '{other.Name}' gives no logits over all classes, and those are what an ensemble averages; leave it out.");
        if (areAveraged && a.Outputs != b.Outputs)
            throw new DecantException($"Teacher '{first.Name}' answers with {a.Outputs} numbers and teacher '{other.Name}' with {b.Outputs}: they cannot be averaged.");
        if (ClassOrder.FirstDifference(a.ClassNames, b.ClassNames) is { } at)
            throw new DecantException(
                $"Teachers '{first.Name}' and '{other.Name}' have {(ClassOrder.AreTheSame(a.ClassNames, b.ClassNames) ? "their classes in different orders" : "different classes")}: " +
                $"class {at} is '{ClassOrder.NameOf(a.ClassNames, at)}' for the one and '{ClassOrder.NameOf(b.ClassNames, at)}' for the other. Their answers would be averaged class by class: bring them into one order first.");
        if (a.TokenizerHash != b.TokenizerHash)
            throw new DecantException($"Teachers '{first.Name}' and '{other.Name}' read text with different tokenizers ({a.TokenizerHash ?? "none"}, {b.TokenizerHash ?? "none"}): one batch of tokens cannot be shown to both. Train them with one tokenizer.");
    }
}
