namespace Decant.Modules;

/// <summary>A batch norm in training was given one value per channel: a batch of one sample where an image has become a single pixel, or of one vector.</summary>
/// <param name="message">Which layer, and what came.</param>
internal sealed class OneValuePerChannelException(string message) : DecantException(
    $"{message} Give batches of two samples or more (the last batch of an epoch counts too), or larger images.");
