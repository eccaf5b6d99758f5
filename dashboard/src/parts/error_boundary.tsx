// Keeps a page that cannot be drawn from taking the frame with it: what went wrong is shown, and the way out.
import {Component, type ComponentChildren} from 'preact';

interface Props {
  children: ComponentChildren;
}

export class ErrorBoundary extends Component<Props, {error: Error | null}> {
  override state = {error: null as Error | null};

  override componentDidCatch(error: Error): void {
    console.error(error);
    this.setState({error});
  }

  override render({children}: Props) {
    const {error} = this.state;
    if (!error) return children;
    return (
      <div class="state error" role="alert">
        <h1>This page cannot be shown</h1>
        <p class="prewrap">{error.message}</p>
        <button type="button" onClick={() => this.setState({error: null})}>
          Try again
        </button>
      </div>
    );
  }
}
