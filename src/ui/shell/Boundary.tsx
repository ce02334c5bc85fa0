import { Component, type ReactNode } from 'react';
import { en } from '../messages/en.ts';
import { Btn, Wrong } from '../controls/Basics.tsx';

type State = { readonly message: string | null };

/** One panel that cannot be drawn must not take the page with it. */
export class Boundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { message: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { message: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override render() {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <Wrong
        error={{
          code: 'bug',
          kind: 'render',
          message: `${en.error.boundary} ${message}`,
          cure: en.error.boundaryCure,
          place: {},
        }}
      >
        <Btn onPress={() => this.setState({ message: null })}>{en.tryAgain}</Btn>
      </Wrong>
    );
  }
}
